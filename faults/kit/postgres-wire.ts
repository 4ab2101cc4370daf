/** A message of PostgreSQL's protocol (version 3): its type and what follows the length. */
type Message = Readonly<{ type: string; body: Buffer }>;

/** Cuts a stream into messages; what is not whole yet waits for the next chunk. The first of a client has no type. */
export function messages(isClient: boolean): (chunk: Buffer) => readonly Message[] {
  let rest: Buffer = Buffer.alloc(0);
  let hasBegun = !isClient;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const found: Message[] = [];
    for (;;) {
      const head = hasBegun ? 1 : 0;
      if (rest.length < head + 4) return found;
      const length = rest.readUInt32BE(head);
      if (rest.length < head + length) return found;
      if (hasBegun)
        found.push({ type: String.fromCharCode(rest[0] ?? 0), body: rest.subarray(5, 1 + length) });
      rest = rest.subarray(head + length);
      hasBegun = true;
    }
  };
}

const WRITE = /^\s*(?:WITH\b[\s\S]*\b)?(?:INSERT|UPDATE|DELETE)\b/i;

/** Knows which of a client's chunks ask for something to be committed. */
export function commitWatch(): (chunk: Buffer) => boolean {
  const read = messages(true);
  const writing = new Map<string, boolean>();
  let isInTransaction = false;
  return (chunk) => {
    let commits = false;
    for (const { type, body } of read(chunk)) {
      const [first = '', second = ''] = body.toString('latin1').split('\0');
      const sql = type === 'Q' ? first : type === 'P' ? second : undefined;
      if (type === 'P') writing.set(first, WRITE.test(second));
      const isWrite = type === 'B' ? writing.get(second) === true : type === 'Q' && WRITE.test(first);
      if (sql !== undefined && /^\s*BEGIN/i.test(sql)) isInTransaction = true;
      if (isWrite && !isInTransaction) commits = true;
      if (sql !== undefined && /^\s*(COMMIT|END)/i.test(sql)) commits = true;
      if (sql !== undefined && /^\s*(COMMIT|END|ROLLBACK)/i.test(sql)) isInTransaction = false;
    }
    return commits;
  };
}

/** Tells of a server's chunks whether one ends an answer, and whether anything went wrong on the way. */
export function answerWatch(): (chunk: Buffer) => 'going on' | 'done' | 'failed' {
  const read = messages(false);
  let hasFailed = false;
  return (chunk) => {
    let state: 'going on' | 'done' | 'failed' = 'going on';
    for (const { type } of read(chunk)) {
      if (type === 'E') hasFailed = true;
      if (type !== 'Z') continue;
      state = hasFailed ? 'failed' : 'done';
      hasFailed = false;
    }
    return state;
  };
}
