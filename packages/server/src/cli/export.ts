import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { type Exported, exportTenant } from '../admin/export.ts';
import { isRecord } from '../admin/fault.ts';
import { settingsOf } from '../app/tenant.ts';
import type { TenantEntry } from '../app/tenants.ts';
import { providerTree } from '../config/show.ts';
import type { TenantConfig } from '../config/tenant.ts';
import type { StoredSettings } from '../model/definition.ts';
import { CommandError } from './command-error.ts';
import { findHeld } from './credentials.ts';
import { type TenantOptions, tenantsMeant, withApp } from './open-app.ts';
import { callServer, type ServerOptions, serverAt } from './remote.ts';
import { print, printable, say } from './terminal.ts';

export type ExportOptions = TenantOptions & ServerOptions & Readonly<{ to?: string; withSecrets?: boolean }>;

type Part = Readonly<{ config: TenantConfig; exported: Exported }>;

/** `signet export`. */
export async function write(options: ExportOptions): Promise<void> {
  const { to, withSecrets: secrets = false } = options;
  if (secrets && to === undefined)
    throw new CommandError('usage', 'Secrets are written to a file alone: name one with --to.');
  if (options.server !== undefined) return writeRemote(options, serverAt(options.server));
  await withApp(options, 'must-exist', async (app) => {
    const parts: Part[] = [];
    for (const entry of tenantsMeant(app, options.tenant)) parts.push(await partOf(entry, secrets));
    const several = app.tenants().length > 1 || app.config.tenants[0]?.name !== 'default';
    const text = fileOf(parts, several);
    put(to, text);
    for (const { config, exported } of parts) tellWhatIsMissing(config.name, exported);
  });
}

/** `signet export --server`: what is stored, without the settings that a server has of its own file. */
async function writeRemote({ to, withSecrets }: ExportOptions, server: string): Promise<void> {
  if (withSecrets === true)
    throw new CommandError('usage', 'Secrets and hashes leave a server by no other way than its database.');
  const { body } = await callServer(server, 'GET', '/export');
  const { settings, scopes, resources, clients, groups, users } = body;
  const stored = isRecord(settings) ? settings : {};
  const tree = { issuer: findHeld(server)?.issuer, ...stored, scopes, resources, clients, groups, users };
  put(to, stringify(tree, FORM));
  const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
  const { secret_files, without_password } = body;
  tellWhatIsMissing('default', {
    secretFiles: texts(secret_files),
    withoutPassword: texts(without_password),
  });
}

const FORM = { lineWidth: 0, aliasDuplicateObjects: false } as const;

function put(to: string | undefined, text: string): void {
  if (to === undefined) print(text.trimEnd());
  else writeNew(to, text);
}

async function partOf(entry: TenantEntry, secrets: boolean): Promise<Part> {
  return { config: entry.config, exported: await exportTenant(await entry.open(), { secrets }) };
}

function fileOf(parts: readonly Part[], several: boolean): string {
  const trees = parts.map(
    ({ config, exported: { scopes, resources, settings, clients, users, groups } }) => ({
      ...(several && { name: config.name }),
      ...providerTree({ ...config, ...describedSettings(config, settings), scopes, resources }),
      clients,
      users,
      groups: groups.length > 0 ? groups : undefined,
    }),
  );
  const [only = {}] = trees;
  return stringify(several ? { tenants: trees } : only, FORM);
}

/** The settings that are stored are told like those of a file. */
function describedSettings(config: TenantConfig, stored: StoredSettings) {
  const { display_name, password_reset_uri, ...settings } = settingsOf(config, stored);
  return { display_name, settings, ...(password_reset_uri !== undefined && { password_reset_uri }) };
}

/** For this user alone; a file that is there stays. */
function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (fault) {
    const exists = fault instanceof Error && 'code' in fault && fault.code === 'EEXIST';
    throw new CommandError(
      exists ? 'conflict' : 'fault',
      exists ? `There is a file ${path} already.` : String(fault),
    );
  }
}

function tellWhatIsMissing(
  tenant: string,
  { secretFiles, withoutPassword }: Pick<Exported, 'secretFiles' | 'withoutPassword'>,
): void {
  const where = tenant === 'default' ? '' : ` of ${tenant}`;
  if (secretFiles.length > 0) {
    say(
      `Client secrets${where} are no part of it. Supply them in these files, beside the configuration file:`,
    );
    for (const file of secretFiles) say(`  ${printable(file)}`);
  }
  if (withoutPassword.length > 0) {
    const people = withoutPassword.length === 1 ? 'A user' : `${withoutPassword.length} users`;
    say(`${people}${where} had a password, which is no part of it: --with-secrets takes the hashes along.`);
  }
}
