/** A hand in another process of Node, over its inspector. */
export type Inspector = Readonly<{
  /** Bytes, after garbage has been collected. */
  memory: () => Promise<{ heap: number; resident: number }>;
  close: () => void;
}>;

type Answer = { id?: number; result?: { result?: { value?: unknown } } };

/** Connects to a process that was started with `--inspect=127.0.0.1:PORT`. */
export async function inspect(port: number): Promise<Inspector> {
  const response = await fetch(`http://127.0.0.1:${port}/json`);
  const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await new Promise((done) => socket.addEventListener('open', done, { once: true }));
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    waiting.get(answer.id ?? 0)?.(answer);
  });
  let calls = 0;
  const ask = (method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
    new Promise((resolve) => {
      calls += 1;
      waiting.set(calls, resolve);
      socket.send(JSON.stringify({ id: calls, method, params }));
    });
  await ask('HeapProfiler.enable');
  return {
    memory: async () => {
      for (let time = 0; time < 2; time += 1) await ask('HeapProfiler.collectGarbage');
      const expression =
        '(({ heapUsed, rss, external }) => JSON.stringify([heapUsed + external, rss]))(process.memoryUsage())';
      const { result } = await ask('Runtime.evaluate', { expression });
      const [heap = 0, resident = 0] = JSON.parse(String(result?.result?.value)) as number[];
      return { heap, resident };
    },
    close: () => socket.close(),
  };
}
