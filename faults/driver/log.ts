import { createHash } from 'node:crypto';
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What came of a call. `unavailable` is a 503 or 500: refused, but perhaps done. */
export type OutcomeKind = 'ok' | 'refused' | 'unavailable' | 'unknown' | 'unsent';

export type Entry = Readonly<{
  id: number;
  start: number;
  end: number;
  kind: string;
  user: number;
  line?: number | undefined;
  port: number;
  /** Fingerprint of the token that was sent. */
  sent?: string | undefined;
  /** Fingerprints of those that came back. */
  given?: readonly string[] | undefined;
  outcome: OutcomeKind;
  status?: number | undefined;
  error?: string | undefined;
}>;

export type CallLog = Readonly<{ add: (entry: Entry) => void; close: () => void; path: string }>;

const MOST_BYTES = 64 * 1024 * 1024;

/** A log of every call as JSON lines in that folder: two files of 64 MB at most, the older one ending in .1. */
export function callLog(folder: string): CallLog {
  const path = join(folder, 'calls.jsonl');
  let file = openSync(path, 'a');
  let written = 0;
  let waiting: string[] = [];
  const flush = (): void => {
    const text = waiting.join('');
    waiting = [];
    writeSync(file, text);
    written += text.length;
    if (written < MOST_BYTES) return;
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a');
    written = 0;
  };
  return {
    path,
    add: (entry) => {
      waiting.push(`${JSON.stringify(entry)}\n`);
      if (waiting.length >= 500) flush();
    },
    close: () => {
      flush();
      closeSync(file);
    },
  };
}

/** Tells one token from another without giving it away. */
export const fingerprint = (token: string): string =>
  createHash('sha256').update(token).digest('base64url').slice(0, 12);
