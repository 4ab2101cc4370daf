import { connect, createServer, type Server, type Socket } from 'node:net';

/** What happens to a chunk on its way: it passes, is lost, or is lost with the connection. */
export type Verdict = 'pass' | 'drop' | 'cut';

export type Direction = 'to server' | 'to client';

/** Looks at all that goes over one connection; made anew for each. */
export type Watch = (direction: Direction, chunk: Buffer) => Verdict;

/** How the proxy treats what arrives now: `black-hole` swallows, `stall` keeps it until later, `refuse` closes at once. */
export type Manner = 'pass' | 'black-hole' | 'stall' | 'refuse';

export type TcpProxy = Readonly<{
  port: number;
  /** How connections, those that are open too, are treated from now on. */
  be: (manner: Manner) => void;
  /** Milliseconds that each chunk waits; thrown anew for each. */
  delayBy: (milliseconds: () => number) => void;
  watchBy: (make: (() => Watch) | undefined) => void;
  cutAll: () => void;
  connections: () => number;
  close: () => void;
}>;

type Pair = { client: Socket; server: Socket; watch: Watch | undefined; held: (() => void)[] };
type State = { manner: Manner; delay: () => number; makeWatch: (() => Watch) | undefined };

/** A TCP proxy of 127.0.0.1 before another port, which can delay, stall, swallow and cut. */
export async function startProxy(target: number): Promise<TcpProxy> {
  const state: State = { manner: 'pass', delay: () => 0, makeWatch: undefined };
  const pairs = new Set<Pair>();
  const server = createServer((client) => {
    if (state.manner === 'refuse') client.destroy();
    else join(client, target, { state, pairs });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const cutAll = (): void => {
    for (const pair of pairs) end(pair);
  };
  return {
    port: portOf(server),
    be: (manner) => {
      state.manner = manner;
      if (manner === 'refuse') cutAll();
      if (manner === 'pass') release(pairs);
    },
    delayBy: (milliseconds) => {
      state.delay = milliseconds;
    },
    watchBy: (make) => {
      state.makeWatch = make;
      for (const pair of pairs) pair.watch = make?.();
    },
    cutAll,
    connections: () => pairs.size,
    close: () => {
      cutAll();
      server.close();
    },
  };
}

function join(client: Socket, target: number, { state, pairs }: { state: State; pairs: Set<Pair> }): void {
  const server = connect({ port: target, host: '127.0.0.1', noDelay: true });
  client.setNoDelay(true);
  const pair: Pair = { client, server, watch: state.makeWatch?.(), held: [] };
  pairs.add(pair);
  const carry = (from: Socket, to: Socket, direction: Direction): void => {
    let last = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      if (state.manner === 'black-hole') return;
      const send = (): void => forward(pair, to, direction, chunk);
      if (state.manner === 'stall') return void pair.held.push(send);
      const wait = state.delay();
      if (wait === 0) return send();
      // One after the other, so that nothing overtakes.
      last = last.then(() => new Promise((done) => setTimeout(done, wait))).then(send);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      if (state.manner === 'black-hole' || state.manner === 'stall') return;
      end(pair);
      pairs.delete(pair);
    });
  };
  carry(client, server, 'to server');
  carry(server, client, 'to client');
}

function forward(pair: Pair, to: Socket, direction: Direction, chunk: Buffer): void {
  const verdict = pair.watch?.(direction, chunk) ?? 'pass';
  if (verdict === 'cut') end(pair);
  else if (verdict === 'pass' && !to.destroyed) to.write(chunk);
}

function release(pairs: Set<Pair>): void {
  for (const pair of pairs) {
    for (const send of pair.held.splice(0)) send();
    if (pair.client.destroyed || pair.server.destroyed) {
      end(pair);
      pairs.delete(pair);
    }
  }
}

function end({ client, server }: Pair): void {
  client.destroy();
  server.destroy();
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return address.port;
}
