import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { type Exported, exportTenant } from '../admin/export.ts';
import { settingsOf } from '../app/tenant.ts';
import type { TenantEntry } from '../app/tenants.ts';
import { providerTree } from '../config/show.ts';
import type { TenantConfig } from '../config/tenant.ts';
import type { StoredSettings } from '../model/definition.ts';
import { CommandError } from './command-error.ts';
import { type TenantOptions, tenantsMeant, withApp } from './open-app.ts';
import { print, printable, say } from './terminal.ts';

export type ExportOptions = TenantOptions & Readonly<{ to?: string; withSecrets?: boolean }>;

type Part = Readonly<{ config: TenantConfig; exported: Exported }>;

/** `signet export`. */
export async function write(options: ExportOptions): Promise<void> {
  const { to, withSecrets: secrets = false } = options;
  if (secrets && to === undefined)
    throw new CommandError('usage', 'Secrets are written to a file alone: name one with --to.');
  await withApp(options, 'must-exist', async (app) => {
    const parts: Part[] = [];
    for (const entry of tenantsMeant(app, options.tenant)) parts.push(await partOf(entry, secrets));
    const several = app.tenants().length > 1 || app.config.tenants[0]?.name !== 'default';
    const text = fileOf(parts, several);
    if (to === undefined) print(text.trimEnd());
    else writeNew(to, text);
    for (const part of parts) tellWhatIsMissing(part);
  });
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
  return stringify(several ? { tenants: trees } : only, { lineWidth: 0, aliasDuplicateObjects: false });
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

function tellWhatIsMissing({ config, exported: { secretFiles, withoutPassword } }: Part): void {
  const where = config.name === 'default' ? '' : ` of ${config.name}`;
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
