import { parseArgs } from 'node:util';
import { USUAL_DIRECTORY } from '../compare/options.ts';
import { type Judged, judgedReport } from '../measure/judged.ts';
import { atPlace } from '../targets/place.ts';
import { latencyAtLoad } from './latency-at-load.ts';
import { passwordStorm } from './password-storm.ts';
import { rsaSigning } from './rsa-signing.ts';

/** `npm run bench -- tails`: latency below capacity, a storm of sign-ins, and what RSA does to the event loop. */
export async function tails(args: readonly string[], say: (text: string) => void): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      dir: { type: 'string', default: USUAL_DIRECTORY },
    },
  });
  const seconds = values.quick ? 2 : 6;
  await atPlace({ directory: values.dir, wantsPostgres: false }, say, async (place) => {
    say(`${place.told}; SQLite with synchronous=FULL`);
    const judged: Judged[] = [];
    for (const part of [latencyAtLoad, passwordStorm, rsaSigning])
      judged.push(...(await part(place, seconds, say)));
    say(`\n${judgedReport(judged)}`);
  });
}
