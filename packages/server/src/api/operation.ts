import type * as z from 'zod';
import type { Provider } from '../keys/provider.ts';
import type { AdminScope } from '../model/admin-api.ts';
import type { Site } from '../web/site.ts';
import type { Caller } from './caller.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What is answered; without a body there is nothing to say. */
export type Answer = Readonly<{
  status: 200 | 201 | 204;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}>;

/** A request that is in order, from somebody who may send it. */
export type Call<Query extends z.ZodRawShape = z.ZodRawShape> = Readonly<{
  site: Site;
  /** In the hands of the caller: what is done with it is recorded as theirs. */
  provider: Provider;
  caller: Caller;
  /** The variable parts of the path, decoded. */
  path: (name: string) => string;
  query: { readonly [Key in keyof Query]: z.output<Query[Key]> };
  /** The JSON of the body; undefined where the operation has none. */
  body: unknown;
  /** The version that `If-Match` names; where an operation needs none, 0. */
  version: number;
  /** The `Idempotency-Key`, if one was sent. */
  idempotency_key: string | undefined;
}>;

/** One method at one path, with all that the document says of it. */
export type Operation<Query extends z.ZodRawShape = z.ZodRawShape> = Readonly<{
  method: Method;
  /** Below the interface, with variable parts in braces. */
  path: string;
  /** The name of the operation in the document. */
  id: string;
  summary: string;
  description?: string;
  /** The scope it takes; `token` any token for this interface, `nothing` not even that. */
  needs: AdminScope | 'token' | 'nothing';
  /** Scopes that it takes beside that one, for what it tells of other things. */
  needsToo?: readonly AdminScope[];
  query?: Query;
  body?: Readonly<{
    kind: 'json' | 'merge-patch';
    schema: z.ZodType;
    optional?: true;
    /** Bytes, where it may be larger than bodies are otherwise. */
    atMost?: number;
  }>;
  /** Whether `If-Match` must name the version. */
  versioned?: true;
  /** Whether `Idempotency-Key` is heeded. */
  idempotent?: true;
  /** What it answers when all is well. */
  answers: Readonly<{ status: 200 | 201 | 204; description: string; schema?: z.ZodType }>;
  /** What else it may answer, besides what every operation may. */
  problems?: readonly (404 | 409 | 412 | 422)[];
  work: (call: Call<Query>) => Promise<Answer>;
}>;

/** An operation whose work knows the types of its query; the table of all of them does not, and the checked values are of these types. */
export const operation = <Query extends z.ZodRawShape>(one: Operation<Query>): Operation =>
  one as unknown as Operation;

export const ok = (body: unknown, headers: Answer['headers'] = {}): Answer => ({
  status: 200,
  body,
  headers,
});
export const done: Answer = { status: 204 };

/** What tells the version of a record, for `If-Match`. */
export const etag = (version: number): Readonly<Record<string, string>> => ({ etag: `"${version}"` });
