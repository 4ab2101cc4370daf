import * as z from 'zod';

/** What a worker can be asked by the process that started it. */
export type Question = 'ready' | 'metrics' | 'unready' | 'reload';

const toWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ask'), id: z.int(), what: z.enum(['ready', 'metrics', 'unready', 'reload']) }),
  z.object({ kind: z.literal('drain'), patience: z.number() }),
]);

const toPrimary = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('listening') }),
  z.object({ kind: z.literal('answer'), id: z.int(), value: z.unknown() }),
]);

export type ToWorker = z.output<typeof toWorker>;
export type ToPrimary = z.output<typeof toPrimary>;

/** A message of ours; undefined for any other, such as those of libraries. */
export const readToWorker = (message: unknown): ToWorker | undefined => toWorker.safeParse(message).data;
export const readToPrimary = (message: unknown): ToPrimary | undefined => toPrimary.safeParse(message).data;
