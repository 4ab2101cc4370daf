import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { SignInOutcome } from '../identity/sign-in.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Params } from '../oauth/params.ts';

/** One request and its answer, with what is learnt on the way by those who answer it, for those who watch. */
export type Exchange = {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Milliseconds of the process's own clock. */
  readonly began: number;
  /** Gives the path as it is mounted for the one that was sent. */
  route: (pathname: string) => string;
  readonly naming: NameRequest;
  /** Made when somebody asks for it, by `requestId`: most requests never need a name. */
  id?: string;
  form?: Readonly<{ endpoint: string; params: Params }>;
  refusal?: Readonly<Pick<Refusal, 'rule' | 'error' | 'client_id'>>;
  signIn?: SignInOutcome['kind'];
};

/** Finds or makes the name of a request. */
export type NameRequest = (incoming: IncomingMessage) => string;

/** Told of every request when its answer has been given. */
export type Watcher = (exchange: Exchange) => void;

/** A path that nothing is mounted at. */
export const NO_ROUTE = 'none';

const exchanges = new AsyncLocalStorage<Exchange>();

/** Does the work of answering it; whoever is called from there finds the exchange with `currentExchange`. */
export const during = <Result>(exchange: Exchange, work: () => Result): Result =>
  exchanges.run(exchange, work);

/** The exchange that the running code works for; undefined outside of requests. */
export const currentExchange = (): Exchange | undefined => exchanges.getStore();

/** The name that ties an answer to the lines of the log that belong to it. */
export function requestId(exchange: Exchange): string {
  exchange.id ??= exchange.naming(exchange.incoming);
  return exchange.id;
}

/** The path of a request as it is mounted, never as it was sent. */
export function routeOf({ incoming, route }: Exchange): string {
  const target = incoming.url ?? '';
  const query = target.indexOf('?');
  return route(query < 0 ? target : target.slice(0, query));
}

export const millisecondsOf = ({ began }: Exchange): number => performance.now() - began;

/** Keeps the form of a client for those who watch. */
export function noteForm(endpoint: string, params: Params): void {
  const exchange = currentExchange();
  if (exchange !== undefined) exchange.form = { endpoint, params };
}

/** Keeps why the request was refused for those who watch. */
export function noteRefusal(refusal: NonNullable<Exchange['refusal']>): void {
  const exchange = currentExchange();
  if (exchange !== undefined) exchange.refusal = refusal;
}

/** Keeps how a sign-in ended for those who watch. */
export function noteSignIn(kind: SignInOutcome['kind']): void {
  const exchange = currentExchange();
  if (exchange !== undefined) exchange.signIn = kind;
}
