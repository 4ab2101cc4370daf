import type { Provider } from '../keys/provider.ts';
import { isoTime } from '../model/clock.ts';
import type { Lifetimes } from '../model/profile.ts';
import { advice, type Finding, faulty, well } from './doctor.ts';
import { formatDuration } from './duration.ts';

const DAY = 86_400;

/** Seconds, beyond which a stolen one is good for too long; the reason stands behind. */
const LONGEST: Partial<Record<keyof Lifetimes, readonly [seconds: number, why: string]>> = {
  authorization_code: [600, 'RFC 6749 §4.1.2 recommends at most ten minutes'],
  access_token: [
    DAY,
    'whoever steals one has it for so long, and resource servers that look at it offline hear of no end',
  ],
  refresh_token: [400 * DAY, 'RFC 9700 §4.14.2 wants unused ones to expire'],
  session: [400 * DAY, 'a browser that was left somewhere stays signed in'],
  password_reset: [DAY, 'whoever reads the mail later has the account'],
};

/** What is doubtful in the settings of a tenant, those of its profile included. */
export function settingFindings({ tenant }: Provider): readonly Finding[] {
  const { profile } = tenant;
  const long = Object.entries(LONGEST).flatMap(([name, [seconds, why]]) => {
    const given = profile.lifetimes[name as keyof Lifetimes];
    return given <= seconds
      ? []
      : [
          advice(
            'settings',
            `lifetimes.${name} is ${formatDuration(given)}: ${why}.`,
            `Set lifetimes.${name} to ${formatDuration(seconds)} or less.`,
          ),
        ];
  });
  const others: readonly (Finding | undefined)[] = [
    profile.require_pkce
      ? undefined
      : advice(
          'settings',
          'PKCE is asked of no client that does not say so itself (RFC 9700 §2.1.1).',
          'Set require_pkce: true, and false for the clients alone that cannot.',
        ),
    profile.redirects.any_loopback
      ? faulty(
          'settings',
          `The profile ${profile.name} takes any redirect to this machine: it is for developing alone.`,
          'Use the profile standard.',
        )
      : undefined,
    tenant.insecure_redirect_uris.length === 0
      ? undefined
      : advice(
          'settings',
          'insecure_redirect_uris lets applications be sent codes over plain http (RFC 9700 §2.6).',
          'Serve these applications over https, and take the setting away.',
        ),
  ];
  const found = [...long, ...others.filter((one) => one !== undefined)];
  return found.length > 0 ? found : [well('settings', 'No setting is weaker than it should be.')];
}

/** A key signs for ninety days, and is followed by another one; so many days later nobody has done that. */
const OLD = 100 * DAY * 1000;

export async function keyFindings({ keyring, tenant, clock }: Provider): Promise<readonly Finding[]> {
  const keys = await keyring.published();
  const now = clock();
  const alg = tenant.profile.signing_algorithm;
  const signing = keys.filter((key) => key.active_from <= now && key.retire_at === null);
  if (signing.length === 0)
    return [
      faulty(
        'keys',
        'There is no key that signs.',
        `Start the server, or make one: signet key rotate --alg ${alg}.`,
      ),
    ];
  const early = keys.filter((key) => key.created_at > now);
  if (early.length > 0) {
    const message = `A key was made in the future (${isoTime(early[0]?.created_at ?? 0)}): the clock was, or is, wrong.`;
    return [faulty('keys', message, 'Set the clock of this machine by NTP.')];
  }
  const oldest = Math.min(...signing.map((key) => key.active_from));
  const waiting = keys.some((key) => key.active_from > now);
  if (now - oldest > OLD && !waiting) {
    const days = Math.floor((now - oldest) / (1000 * DAY));
    return [
      advice(
        'keys',
        `A key has signed for ${days} days, and no other one is waiting: the server rotates keys after 90 days while it runs.`,
        'Let the server run, or do it now: signet key rotate.',
      ),
    ];
  }
  const next = waiting ? ', and the next one is published' : '';
  return [well('keys', `The key that signs is since ${isoTime(oldest)}${next}.`)];
}

export async function peopleFindings({ store, tenant }: Provider): Promise<readonly Finding[]> {
  if (await store.hasAdministrator(tenant.id)) return [];
  return [
    advice(
      'people',
      'There is no administrator; whoever has the set-up link that the start prints becomes one.',
      'Use the link, or make one: signet user create NAME --admin.',
    ),
  ];
}
