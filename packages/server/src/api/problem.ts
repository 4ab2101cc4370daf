import * as z from 'zod';
import type { Fault } from '../admin/fault.ts';

/** What is wrong with one part of a request: a member of the body, or a parameter of the query. */
export type ProblemError = Readonly<{ pointer?: string; parameter?: string; detail: string }>;

/** Every kind of problem with its status and title; the name is the last part of its `type`. */
export const KINDS = {
  'malformed-request': [400, 'The request is not in order.'],
  'invalid-request': [422, 'Some of what was sent is not acceptable.'],
  unauthorized: [401, 'An access token is needed.'],
  forbidden: [403, 'You may not do this.'],
  'not-found': [404, 'There is no such thing here.'],
  'method-not-allowed': [405, 'This address has other methods.'],
  conflict: [409, 'This is at odds with what there is.'],
  stale: [412, 'Somebody else has changed it since.'],
  'too-large': [413, 'The request is too large.'],
  'media-type': [415, 'The body is of another media type.'],
  'version-needed': [428, 'Say which version you change.'],
  internal: [500, 'The server met a fault of its own.'],
  unavailable: [503, 'The server cannot do this at the moment.'],
} as const;
export type ProblemKind = keyof typeof KINDS;

/** What is refused, as RFC 9457 tells it. Made to be thrown. */
export class Problem extends Error {
  override name = 'Problem';
  readonly kind: ProblemKind;
  readonly status: number;
  readonly errors: readonly ProblemError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: Readonly<{ errors?: readonly ProblemError[]; headers?: Readonly<Record<string, string>> }> = {},
  ) {
    super(detail);
    this.kind = kind;
    this.status = KINDS[kind][0];
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** A problem as it is told. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(
        z.object({ pointer: z.string().optional(), parameter: z.string().optional(), detail: z.string() }),
      )
      .optional()
      .meta({ description: 'What is wrong: a member of the body (RFC 6901), or a parameter of the query.' }),
    reference: z.string().optional().meta({ description: 'The name of the request in the log.' }),
  })
  .meta({ id: 'Problem' });

/** The body of a problem. `reference` names the request in the log. */
export const problemBody = (problem: Problem, reference: string | undefined): object => ({
  type: `urn:signet:problem:${problem.kind}`,
  title: KINDS[problem.kind][1],
  status: problem.status,
  detail: problem.message,
  ...(problem.errors.length > 0 && { errors: problem.errors }),
  ...(reference !== undefined && { reference }),
});

export const notFound = (what: string): Problem => new Problem('not-found', `There is no such ${what}.`);

/** Every faulty part of a body (RFC 6901 pointers). */
export const badBody = (faults: readonly Fault[]): Problem =>
  new Problem('invalid-request', saying(faults), {
    errors: faults.map((fault) => ({ pointer: pointerTo(fault), detail: sentence(fault) })),
  });

/** Every faulty parameter of a query. */
export const badQuery = (faults: readonly Fault[]): Problem =>
  new Problem('malformed-request', saying(faults), {
    errors: faults.map((fault) => ({ parameter: String(fault.path[0] ?? ''), detail: sentence(fault) })),
  });

const pointerTo = ({ path }: Fault): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const sentence = ({ path, message }: Fault): string => `${path.at(-1) ?? 'The body'} ${message}.`;

const saying = ([first, ...others]: readonly Fault[]): string =>
  first === undefined
    ? 'The request is not in order.'
    : sentence(first) + (others.length === 0 ? '' : ` And ${others.length} more.`);
