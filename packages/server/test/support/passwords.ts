import { setImmediate } from 'node:timers/promises';
import { type Passwords, passwordPool } from '../../src/identity/passwords.ts';
import { systemRandom } from '../../src/model/secret.ts';

/** Hashes of passwords that most tests use, as Signet makes them. */
export const KNOWN = {
  wonderland:
    '$argon2id$v=19$m=19456,t=2,p=1$MycAjHzNNk8giTBxi2cMxw$gon2qh9kmaHmvOaODfbWdHxCOP5tYUYsVFml0J1n39U',
  'builder-of-things':
    '$argon2id$v=19$m=19456,t=2,p=1$3b0h4IdroDQKpEMTDZbyEg$GaEyBmMZqc6++7IdKkHCyh+8zbs88ObpbAOb+8rtc8A',
};

const pool = passwordPool(2, systemRandom);
const hashes = new Map<string, Promise<string>>();
const verdicts = new Map<string, Promise<boolean>>();
for (const [password, hash] of Object.entries(KNOWN)) remember(password, hash);

/** Signet's own hashing, which does nothing twice in a process: hashing is made to be slow, and tests sign in thousands of times. */
export const thriftyPasswords: Passwords = {
  hash: (password) =>
    hashes.get(password) ??
    keep(
      hashes,
      password,
      pool.hash(password).then((hash) => remember(password, hash)),
    ),
  verify: async (password, hash) => {
    await later();
    const question = `${hash} ${password}`;
    return verdicts.get(question) ?? keep(verdicts, question, pool.verify(password, hash));
  },
  load: pool.load,
};

/** A sign-in is later than its request, as it is where passwords are hashed. */
async function later(): Promise<void> {
  const began = Date.now();
  while (Date.now() === began) await setImmediate();
}

function remember(password: string, hash: string): string {
  hashes.set(password, Promise.resolve(hash));
  verdicts.set(`${hash} ${password}`, Promise.resolve(true));
  return hash;
}

/** What was refused, as when too much waits, is asked again. */
function keep<Answer>(
  kept: Map<string, Promise<Answer>>,
  question: string,
  asked: Promise<Answer>,
): Promise<Answer> {
  kept.set(question, asked);
  asked.catch(() => kept.delete(question));
  return asked;
}
