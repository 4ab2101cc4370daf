import { accessToken, forgetToken, signIn } from '../session.ts';
import { API } from '../site.ts';

/** What the API says when it refuses (RFC 9457), with every faulty field. */
export type Problem = Readonly<{
  title: string;
  status: number;
  detail?: string;
  errors?: readonly Readonly<{ pointer?: string; parameter?: string; detail: string }>[];
  reference?: string;
}>;

/** A refusal of the API. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** What comes back: the body and the version of what was asked for. */
export type Answer<Body> = Readonly<{ body: Body; etag: string }>;

type Wish = Readonly<{
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}>;

/** Asks the API as the person at the page. A person whose session is over is led to the sign-in. */
export async function ask<Body>(path: string, wish: Wish = {}): Promise<Answer<Body>> {
  let response = await send(path, wish);
  if (response.status === 401) {
    // The token may have ended before its time: a new one tells whether the session did as well.
    forgetToken();
    response = await send(path, wish);
  }
  const text = await response.text();
  if (!response.ok) throw new ApiError(problemOf(response, text));
  const body = (text === '' ? undefined : JSON.parse(text)) as Body;
  return { body, etag: response.headers.get('etag') ?? '' };
}

async function send(path: string, { method = 'GET', body, headers = {}, signal }: Wish): Promise<Response> {
  const token = await accessToken();
  if (token === undefined) {
    await signIn();
    // The page is being left.
    return new Promise(() => {});
  }
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return fetch(`${API}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': type }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
}

function problemOf(response: Response, text: string): Problem {
  const fallback = { title: `The server answered ${response.status}.`, status: response.status };
  try {
    const told: unknown = JSON.parse(text);
    return typeof told === 'object' && told !== null ? { ...fallback, ...told } : fallback;
  } catch {
    return fallback;
  }
}

/** The query of an address, without what is not set. */
export function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** The sentence for one field of a refused body, by its JSON pointer. */
export function fieldFault(fault: unknown, field: string): string | undefined {
  if (!(fault instanceof ApiError)) return undefined;
  const found = fault.problem.errors?.filter(
    ({ pointer = '' }) => pointer === `/${field}` || pointer.startsWith(`/${field}/`),
  );
  return found === undefined || found.length === 0 ? undefined : found.map(sentence).join(' ');
}

/** The faults that name no field of the given ones. */
export function otherFaults(fault: unknown, fields: readonly string[]): readonly string[] {
  if (!(fault instanceof ApiError)) return fault instanceof Error ? [fault.message] : [];
  const { errors = [], detail, title } = fault.problem;
  if (errors.length === 0) return [detail ?? title];
  return errors.filter(({ pointer = '' }) => !fields.includes(pointer.split('/')[1] ?? '')).map(sentence);
}

/** An entry of a list is told by its number, which says nothing to a person. */
const sentence = ({ detail }: Readonly<{ detail: string }>): string => detail.replace(/^\d+ /, 'An entry ');
