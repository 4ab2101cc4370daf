import { type ExplainedRefusal, explainRefusal } from '../admin/explain.ts';
import { isRecord } from '../admin/fault.ts';
import { isoTime } from '../model/clock.ts';
import type { Special } from './api-special.ts';
import { CommandError } from './command-error.ts';
import type { ConfigOptions } from './configuration.ts';
import { withApp } from './open-app.ts';
import { callServer, type ServerOptions, serverAt } from './remote.ts';
import { printOne, type ResultOptions } from './result.ts';
import { renderRecord, textWidth } from './table.ts';
import { print, printable, wordOf } from './terminal.ts';

export type ExplainOptions = ConfigOptions & ResultOptions & ServerOptions;

/** `signet explain`: why a request was refused, here or at a server. */
export async function explain(options: ExplainOptions, reference: string): Promise<void> {
  const { server } = options;
  if (server === undefined) return explainHere(options, reference);
  const { body } = await callServer(serverAt(server), 'GET', `/refusals/${encodeURIComponent(reference)}`);
  tell(options, body as unknown as Explained);
}

/** References differ between tenants, so all are searched. */
const explainHere = (options: ExplainOptions, reference: string): Promise<void> =>
  withApp(options, 'must-exist', async (app) => {
    for (const tenant of app.tenants()) {
      const found = await explainRefusal(await tenant.open(), reference);
      if (found === undefined) continue;
      return tell(options, { ...found, at: isoTime(found.at) });
    }
    throw new CommandError(
      'unknown',
      `There is no refusal ${printable(reference)}. References are kept for a week, and at most 600 a minute.`,
    );
  });

/** A refusal with its time in words. */
type Explained = Omit<ExplainedRefusal, 'at'> & Readonly<{ at: string }>;

/** `signet refusal get`, which has the same to tell. */
export const REFUSAL: Special = {
  // As the interface has described it.
  print: (options, body) => tell(options, body as unknown as Explained),
};

function tell(options: ResultOptions, found: Explained): void {
  if (options.quiet === true) print(found.rule);
  else if (options.output === 'table') print(toText(found));
  else printOne(options, found.reference, found);
}

function toText(refusal: Explained): string {
  const { reference, at, endpoint, client_id, error, rule, facts } = refusal;
  const { received, registered, expected, request, client_id: _, ...others } = facts;
  const known = registered ?? expected;
  const head = {
    Reference: reference,
    When: at,
    Endpoint: endpoint,
    Client: client_id ?? undefined,
    Answer: error,
    Rule: rule,
  };
  return [
    renderRecord(head),
    printable(refusal.says),
    compared(received, known),
    renderRecord(others),
    isRecord(request) ? `The request\n${renderRecord(request).replaceAll(/^/gm, '  ')}` : '',
    settingText(refusal),
    renderRecord({ See: refusal.spec, 'To mend it': refusal.fix }),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const SENT = 'Sent        ';
const REGISTERED = 'Registered  ';

/** What was sent above each registered text, with a mark under the first character that differs. */
function compared(received: unknown, registered: unknown): string {
  if (received === undefined && registered === undefined) return '';
  const sent = SENT + (received === undefined ? '(nothing)' : wordOf(received));
  const all = [registered].flat().filter((one) => one !== undefined);
  const texts = all.filter((one) => typeof one === 'string');
  if (typeof received !== 'string' || texts.length === 0) {
    return [sent, REGISTERED + (all.length === 0 ? '(nothing)' : all.map(wordOf).join(' '))].join('\n');
  }
  return texts
    .flatMap((text) => [sent, REGISTERED + wordOf(text), differenceMark(received, text)])
    .join('\n');
}

function differenceMark(sent: string, registered: string): string {
  const [left, right] = [[...sent], [...registered]];
  let same = 0;
  while (same < left.length && left[same] === right[same]) same += 1;
  if (same === left.length && same === right.length) return `${' '.repeat(SENT.length)}(equal)`;
  const before = textWidth(printable(left.slice(0, same).join('')));
  return `${' '.repeat(SENT.length + before)}^ differs from character ${same + 1} on`;
}

function settingText({ setting, client_id }: Explained): string {
  if (setting === undefined) return '';
  const { name, value, of } = setting;
  const whose =
    of === 'client' ? `of the client ${client_id}` : 'of the provider (its settings, else its profile)';
  return `Decided by  ${name} ${printable(whose)}, which is now ${value === null ? 'not set' : wordOf(value)}`;
}
