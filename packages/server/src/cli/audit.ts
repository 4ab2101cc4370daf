import { type AuditView, listAudit } from '../admin/audit.ts';
import { parseDuration } from '../admin/duration.ts';
import { findUser } from '../admin/users.ts';
import type { Provider } from '../keys/provider.ts';
import { CommandError } from './command-error.ts';
import { type TenantOptions, withProvider } from './open-app.ts';
import { printList, type ResultOptions } from './result.ts';

export type AuditOptions = TenantOptions &
  ResultOptions &
  Readonly<{ action?: string; user?: string; actor?: string; since?: string; limit: string }>;

const MOST = 100_000;
/** Events read at once. */
const PAGE = 500;

/** `signet audit list`. */
export async function list(options: AuditOptions): Promise<void> {
  const atMost = requireLimit(options.limit);
  await withProvider(options, 'must-exist', async (provider) => {
    const wanted = {
      action: options.action,
      subject: await subOf(provider, options.user),
      actor: await subOf(provider, options.actor),
      since: options.since === undefined ? undefined : requireTime(options.since, provider.clock()),
    };
    printList(options, {
      entries: await allEvents(provider, wanted, atMost),
      id: (event) => String(event.id),
      columns: ['at', 'action', 'actor', 'subject', 'client_id', 'network', 'facts'],
      row: ({ client_id, network, request_id: _request, ...event }) => ({
        ...event,
        client_id: client_id ?? undefined,
        network: network ?? undefined,
        facts: JSON.stringify(event.facts),
      }),
    });
  });
}

async function allEvents(
  provider: Provider,
  wanted: Omit<Parameters<typeof listAudit>[1], 'before' | 'atMost'>,
  atMost: number,
): Promise<readonly AuditView[]> {
  const events: AuditView[] = [];
  for (;;) {
    const size = Math.min(PAGE, atMost - events.length);
    const page = await listAudit(provider, { ...wanted, before: events.at(-1)?.id, atMost: size });
    events.push(...page);
    if (page.length < size || events.length === atMost) return events;
  }
}

/** A name as the log has it; one that no user has is taken as it is, for those that are deleted. */
async function subOf(provider: Provider, name: string | undefined): Promise<string | undefined> {
  return name === undefined ? undefined : ((await findUser(provider, name))?.sub ?? name);
}

function requireLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new CommandError('usage', `--limit must be a number from 1 to ${MOST}.`);
}

function requireTime(text: string, now: number): number {
  const seconds = parseDuration(text);
  const time = seconds === undefined ? Date.parse(text) : now - 1000 * seconds;
  if (!Number.isNaN(time)) return time;
  throw new CommandError(
    'usage',
    `--since ${text} is no time: write a length such as 12h or 30d, or a time such as 2026-01-31T12:00:00Z.`,
  );
}
