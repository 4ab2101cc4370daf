import { inspect } from 'node:util';
import pino, { type Logger } from 'pino';
import type { Config } from '../config/load.ts';
import { currentExchange, requestId } from '../web/exchange.ts';
import { printable } from './terminal.ts';

/** Lines on their way to whoever reads the log. */
export type Lines = Readonly<{
  /** False when the line was thrown away. */
  write: (line: string) => boolean;
  /** How many were thrown away so far. */
  lost: () => number;
}>;

/** Bytes that may wait for a reader. */
const MOST_WAITING = 1024 * 1024;

/** Lines to a stream. A reader that stops or goes away costs lines, but neither memory nor the server. */
export function linesTo(stream: NodeJS.WritableStream & { writableLength?: number }): Lines {
  let lost = 0;
  stream.on('error', () => undefined);
  return {
    write: (line) => {
      const hasRoom = stream.writable && (stream.writableLength ?? 0) < MOST_WAITING;
      if (hasRoom) stream.write(line);
      else lost += 1;
      return hasRoom;
    },
    lost: () => lost,
  };
}

/** A log of JSON objects or of lines for people. Lines that belong to a request bear its name. */
export function openLog(
  { level, format }: Pick<Config['log'], 'level' | 'format'>,
  lines: Lines = linesTo(process.stdout),
): Logger {
  let untold = 0;
  const write = (line: string): void => {
    if (!lines.write(format === 'text' ? `${textOf(JSON.parse(line) as LogLine, level)}\n` : line)) {
      untold += 1;
    } else if (untold > 0) {
      const lost = untold;
      untold = 0;
      log.warn({ lines: lost }, 'Lines of the log before this one are lost: nobody took them.');
    }
  };
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      mixin: () => {
        const exchange = currentExchange();
        return exchange === undefined ? {} : { request_id: requestId(exchange) };
      },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '(secret)' },
    },
    { write },
  );
  return log;
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
