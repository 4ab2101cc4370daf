import * as z from 'zod';
import { definitionVersion } from '../admin/definitions.ts';
import { checkFields, isRecord, unknownKeys } from '../admin/fault.ts';
import { CHANGEABLE } from '../admin/setting-schema.ts';
import { effectiveSettings, replaceSettings, storedSettings } from '../admin/settings.ts';
import type { StoredSettings } from '../model/definition.ts';
import { stale } from './clients.ts';
import { versionIn, versionPage } from './definition-operations.ts';
import { definitionVersionView } from './definition-schema.ts';
import { type Answer, type Call, etag, type Operation, ok, operation } from './operation.ts';
import { listOf, pageShape } from './page.ts';
import { badBody, notFound, Problem } from './problem.ts';

const settingView = z
  .object({
    name: z.string(),
    value: z.unknown(),
    from: z.enum(['profile', 'configuration', 'stored']),
    origin: z
      .string()
      .nullable()
      .meta({ description: 'The file or environment variable that says it, and that alone can change it.' }),
    inherited: z.boolean().meta({ description: 'Nobody has said it for this provider.' }),
    writable: z.boolean(),
  })
  .meta({ id: 'Setting' });

const settings = z.object({ items: z.array(settingView) });

const settingsPatch = z
  .strictObject(
    Object.fromEntries(Object.entries(CHANGEABLE).map(([name, schema]) => [name, schema.nullable()])),
  )
  .meta({ id: 'SettingsPatch', description: 'Values by name; null is to inherit again.' });

async function told({ provider }: Call): Promise<Answer> {
  const stored = await storedSettings(provider);
  return ok({ items: effectiveSettings(provider, stored?.value ?? {}) }, etag(stored?.version ?? 0));
}

/** Refuses names that there are not, and those that are not for this interface to change. */
function requireChangeable(call: Call, names: readonly string[]): void {
  const all = effectiveSettings(call.provider, {});
  const strange = unknownKeys(
    Object.fromEntries(names.map((name) => [name, true])),
    all.map(({ name }) => name),
    [],
  );
  if (strange.length > 0) throw badBody(strange);
  const fixed = all.find(({ name, writable }) => names.includes(name) && !writable);
  if (fixed === undefined) return;
  const { name, origin } = fixed;
  throw new Problem(
    'conflict',
    origin === null
      ? `The configuration alone says ${name}, for all that stands on it.`
      : `${name} is fixed by ${origin}: change it there.`,
  );
}

/** Values by name, each as a configuration file would have it. */
function parse(input: Readonly<Record<string, unknown>>): StoredSettings {
  const { complete, faults } = checkFields(CHANGEABLE, input, []);
  if (complete === undefined) throw badBody(faults);
  return complete;
}

async function change(call: Call): Promise<Answer> {
  const { body, version, provider } = call;
  if (!isRecord(body)) throw badBody([{ path: [], message: 'must be a group of keys with values' }]);
  requireChangeable(call, Object.keys(body));
  const stored = await storedSettings(provider);
  if (version !== (stored?.version ?? 0)) throw stale();
  const entries = Object.entries(body);
  const given = parse(Object.fromEntries(entries.filter(([, value]) => value !== null)));
  const kept = Object.entries(stored?.value ?? {}).filter(([name]) => !Object.hasOwn(body, name));
  if ((await replaceSettings(provider, { ...Object.fromEntries(kept), ...given }, version)) === 'stale')
    throw stale();
  return told(call);
}

async function revert(call: Call): Promise<Answer> {
  const { provider } = call;
  const stored = await storedSettings(provider);
  const earlier = await definitionVersion(provider, KEY, versionIn(call));
  if (stored === undefined || earlier === undefined) throw notFound('version');
  // By the rules of today, for they may have changed since.
  const value = parse({ ...earlier.value });
  if ((await replaceSettings(provider, value, stored.version)) === 'stale') throw stale();
  return told(call);
}

const KEY = { kind: 'settings', name: '' } as const;

export const SETTINGS: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/settings',
    id: 'listSettings',
    summary: 'The settings in force, and where each comes from',
    needs: 'signet:settings:read',
    answers: { status: 200, description: 'All of them.', schema: settings },
    work: told,
  }),
  operation({
    method: 'PATCH',
    path: '/settings',
    id: 'changeSettings',
    summary: 'Changes the settings that are named, at once and on every node',
    needs: 'signet:settings:write',
    body: { kind: 'merge-patch', schema: settingsPatch },
    versioned: true,
    answers: { status: 200, description: 'All of them as they are now.', schema: settings },
    problems: [409, 412, 422],
    work: change,
  }),
  operation<typeof pageShape>({
    method: 'GET',
    path: '/settings/versions',
    id: 'listSettingsVersions',
    summary: 'What was stored of the settings, the newest first; for 400 days',
    needs: 'signet:settings:read',
    query: pageShape,
    answers: { status: 200, description: 'A page.', schema: listOf(definitionVersionView) },
    work: async (call) => ok(await versionPage(call, KEY)),
  }),
  operation({
    method: 'POST',
    path: '/settings/versions/{version}/revert',
    id: 'revertSettings',
    summary: 'Stores the settings as they were in that version, which is a new version',
    needs: 'signet:settings:write',
    answers: { status: 200, description: 'All of them as they are now.', schema: settings },
    problems: [404, 409, 412, 422],
    work: revert,
  }),
];
