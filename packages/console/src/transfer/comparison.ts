import type { Client } from '../api/types.ts';
import { redirectFault } from '../applications/redirect-check.ts';

/** An application as a file tells it: its metadata by the registered names, without a secret. */
export type Told = Readonly<{ client_id: string } & Record<string, unknown>>;

/** What the server says of a client besides its metadata; it belongs to one installation. */
const OWN = ['source', 'version', 'created_at', 'updated_at', 'previous_secret_until', 'client_secret'];

/** What of a client goes into a file. */
export const exported = (client: Client): Told => ({
  client_id: client.client_id,
  ...Object.fromEntries(Object.entries(client).filter(([name]) => !OWN.includes(name))),
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The applications that a file tells of, or what is wrong with it. */
export function parseFile(text: string): readonly Told[] | string {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (fault) {
    return `This is no JSON: ${fault instanceof Error ? fault.message : 'it cannot be read'}.`;
  }
  const list: unknown = isRecord(read) ? read['clients'] : read;
  if (!Array.isArray(list)) return 'A list of applications is wanted, or {"clients": [ … ]}.';
  const told: Told[] = [];
  for (const [index, one] of list.entries()) {
    const client_id: unknown = isRecord(one) ? one['client_id'] : undefined;
    if (!isRecord(one) || typeof client_id !== 'string' || client_id === '')
      return `Entry ${index + 1} has no client_id.`;
    if (told.some((other) => other.client_id === client_id)) return `${client_id} stands there twice.`;
    told.push({ ...one, client_id });
  }
  return told.length === 0 ? 'There is no application in it.' : told;
}

/** What would become of one application. `patch` is a merge patch (RFC 7396): what the file does not say goes away. */
export type Change = Readonly<{
  told: Told;
  kind: 'new' | 'changed' | 'same' | 'refused';
  lines: readonly string[];
  patch: Readonly<Record<string, unknown>>;
}>;

const textOf = (value: unknown): string =>
  value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);

/** Compares what the file tells with what is registered now. */
export function changeOf(told: Told, present: Client | undefined): Change {
  const faults = faultsOf(told);
  if (faults.length > 0) return { told, kind: 'refused', lines: faults, patch: {} };
  if (present === undefined) return { told, kind: 'new', lines: [], patch: {} };
  const before: Readonly<Record<string, unknown>> = exported(present);
  const names = [...new Set([...Object.keys(before), ...Object.keys(told)])].filter(
    (name) => !OWN.includes(name) && JSON.stringify(before[name]) !== JSON.stringify(told[name]),
  );
  return {
    told,
    kind: names.length === 0 ? 'same' : 'changed',
    lines: names.map((name) => `${name}: ${textOf(before[name])} → ${textOf(told[name])}`),
    patch: Object.fromEntries(names.map((name) => [name, told[name] ?? null])),
  };
}

/** What can be said without the server, which judges again when the change is made. */
function faultsOf(told: Told): readonly string[] {
  const type = told['application_type'] === 'native' ? 'native' : 'web';
  const uris = [told['redirect_uris'] ?? []].flat();
  return uris.flatMap((uri) => {
    const fault = typeof uri === 'string' ? redirectFault(uri, type) : 'is no text';
    return fault === undefined ? [] : [`redirect_uris: ${textOf(uri)}: ${fault}`];
  });
}

/** What a new one is registered with. */
export const draftOf = (told: Told): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(told).filter(([name]) => !OWN.includes(name)));
