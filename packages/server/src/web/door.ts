import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';

/** Lets in as many requests as can be answered in good time. */
export type Door = Readonly<{
  /** True when the request may come in; whoever was let in leaves once. */
  enters(): boolean;
  leaves(): void;
  /** Requests inside now. */
  inside(): number;
  /** How many may be inside now. */
  room(): number;
  /** How many found no room so far. */
  turnedAway(): number;
}>;

/** `requests` are the most at once, whatever happens; `turn` is how many milliseconds a turn of the event loop should last at most. */
export type DoorLimits = Readonly<{ requests: number; turn: number }>;

/** Even in the longest turn so many may come in: they are answered in tens of milliseconds, and another program on the same processor may be why turns are long. */
const LEAST = 128;
const NARROWER = 0.9;
const WIDER = 8;

/** Milliseconds for which the event loop has worked, and for which it had nothing to do, so far. */
type Activity = () => Readonly<{ active: number; idle: number }>;

/** A loop that had this many milliseconds of rest is not behind. */
const REST = 1;

/**
 * A door that is as wide as the machine is fast: while turns of the event loop are longer than they should be it gets narrower, and wider
 * again when they are short. Who finds it full is told so at once, which costs little; so the work done stays the same however many come.
 */
export function openDoor({ requests, turn }: DoorLimits, activity: Activity = usualActivity): Door {
  const least = Math.min(LEAST, requests);
  let inside = 0;
  let room = requests;
  let turnedAway = 0;
  let isMeasured = false;
  let before = activity();
  // Runs once in a turn in which requests have come, when it has read them.
  const measure = (): void => {
    isMeasured = false;
    const now = activity();
    const lasted = now.idle - before.idle > REST ? 0 : now.active - before.active;
    before = now;
    if (lasted > turn) room = Math.max(least, Math.floor(Math.min(room, inside + 1) * NARROWER));
    else if (room < requests) room = Math.min(requests, room + WIDER);
  };
  return {
    enters: () => {
      if (!isMeasured) {
        isMeasured = true;
        setImmediate(measure);
      }
      if (inside >= room) {
        turnedAway += 1;
        return false;
      }
      inside += 1;
      return true;
    },
    leaves: () => {
      inside -= 1;
    },
    inside: () => inside,
    room: () => room,
    turnedAway: () => turnedAway,
  };
}

const usualActivity: Activity = () => performance.eventLoopUtilization();

const FULL = JSON.stringify({
  error: 'temporarily_unavailable',
  error_description: 'The server has too much to do at the moment. Try again in a few seconds.',
});

/** Milliseconds for which somebody who found no room is kept from coming again on the same connection. */
const HELD_FOR = 400;
/** So many are held at once; what is beyond is answered immediately. */
const MOST_HELD = 10_000;

/**
 * Turns requests away before anything is done for them (RFC 9110 §15.6.4); their bodies are thrown away. The answer waits a moment:
 * whoever tries again at once would cost more in being refused than others in being answered.
 */
export function turningAway(): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  let held = 0;
  return (incoming, outgoing) => {
    incoming.resume();
    if (held >= MOST_HELD) {
      sayFull(outgoing);
      return;
    }
    held += 1;
    setTimeout(() => {
      held -= 1;
      sayFull(outgoing);
    }, HELD_FOR);
  };
}

function sayFull(outgoing: ServerResponse): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(503, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(FULL),
    'retry-after': '2',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
  });
  outgoing.end(FULL);
}
