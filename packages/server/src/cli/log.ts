import { inspect } from 'node:util';
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { printable } from './terminal.ts';

/** A log of JSON objects or of lines for people. A reader that goes away does not end the server. */
export function openLog(
  { level, format }: Config['log'],
  stream: NodeJS.WritableStream = process.stdout,
): Logger {
  stream.on('error', () => undefined);
  const lines: DestinationStream = { write: (line) => void stream.write(line) };
  const words: DestinationStream = {
    write: (line) => void stream.write(`${textOf(JSON.parse(line) as LogLine, level)}\n`),
  };
  const settings = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '(secret)' },
  };
  return pino(settings, format === 'text' ? words : lines);
}

const SECRETS = ['password', 'client_secret', 'master_secret', 'authorization', 'cookie', 'token', 'code'];

type LogLine = Readonly<
  { time: string; level: string; msg?: string; err?: LoggedError } & Record<string, unknown>
>;
type LoggedError = Readonly<{ type?: string; message?: string; stack?: string }>;

/** `12:00:00 WARN  What happened. name=value`; an error's stack only when details are asked for. */
function textOf({ time, level, msg = '', err, ...rest }: LogLine, wanted: string): string {
  const facts = Object.entries(rest).map(
    ([name, value]) => `${name}=${inspect(value, { breakLength: Infinity })}`,
  );
  const fault = err === undefined ? [] : [`(${err.type ?? 'Error'}: ${err.message ?? ''})`];
  const line = [time.slice(11, 19), level.toUpperCase().padEnd(5), msg, ...facts, ...fault].join(' ');
  const detailed = wanted === 'debug' || wanted === 'trace';
  const stack = detailed ? (err?.stack ?? '').split('\n') : [];
  return [line, ...stack].map(printable).join('\n');
}
