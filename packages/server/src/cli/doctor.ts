import { type Finding, faulty, ofTenant } from '../admin/doctor.ts';
import { clientFindings } from '../admin/doctor-clients.ts';
import { keyFindings, peopleFindings, settingFindings } from '../admin/doctor-tenant.ts';
import type { App } from '../app.ts';
import type { Config } from '../config/load.ts';
import { EXIT } from './command-error.ts';
import { type ConfigOptions, requireConfiguration } from './configuration.ts';
import { type DatabaseState, databaseFindings } from './doctor-database.ts';
import { issuerFindings } from './doctor-issuer.ts';
import { serverFindings } from './doctor-server.ts';
import { certificateFindings } from './doctor-tls.ts';
import { withConfiguredApp } from './open-app.ts';
import { print, printable, someOf, toJson } from './terminal.ts';

export type DoctorOptions = ConfigOptions & Readonly<{ output: 'text' | 'json' }>;

/** `signet doctor`: looks at everything and changes nothing. Ends with 0 when all is well, with 2 for advice, with 1 for a fault. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const { config, warnings, file } = requireConfiguration(options);
  const { findings: ofDatabase, state } = await databaseFindings(config);
  const findings = [
    ...serverFindings(config, warnings, file),
    ...certificateFindings(config),
    ...ofDatabase,
    ...(await tenantFindings(config, state)),
  ];
  print(options.output === 'json' ? toJson({ findings }) : render(findings));
  const has = (wanted: Finding['state']): boolean => findings.some((finding) => finding.state === wanted);
  if (has('fault')) process.exitCode = EXIT.fault;
  else if (has('advice')) process.exitCode = EXIT.usage;
}

/** What is stored is looked at only where opening the database changes nothing of it. */
async function tenantFindings(config: Config, state: DatabaseState): Promise<readonly Finding[]> {
  if (state === 'unusable') {
    const asked = await Promise.all(
      config.tenants.map(async (tenant) => ofTenant(tenant.name, await issuerFindings(tenant, undefined))),
    );
    return asked.flat();
  }
  const findings: Finding[] = [];
  try {
    await withConfiguredApp(config, async (app) => {
      findings.push(...(await openedFindings(app)));
    });
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    findings.push(faulty('database', `The database cannot be worked with: ${why}`, 'See docs/databases.md.'));
  }
  return findings;
}

async function openedFindings(app: App): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for (const entry of app.tenants()) {
    const provider = await entry.open();
    const kids = (await provider.keyring.published()).map(({ kid }) => kid);
    const names = (list: readonly string[]): string => someOf(list, ', ');
    const findings = [
      ...(await issuerFindings(entry.config, kids)),
      ...(await keyFindings(provider)),
      ...settingFindings(provider),
      ...(await clientFindings(provider, names)),
      ...(await peopleFindings(provider)),
    ];
    all.push(...ofTenant(entry.config.name, findings));
  }
  return all;
}

const AREA_WIDTH = 9;
const STATE_WIDTH = 7;

function render(findings: readonly Finding[]): string {
  const tenants = new Set(findings.map(({ tenant }) => tenant).filter((tenant) => tenant !== undefined));
  const lines = findings.flatMap(({ area, state, tenant, message, remedy }) => {
    const where = tenants.size > 1 && tenant !== undefined ? `${tenant}: ` : '';
    const indent = ' '.repeat(AREA_WIDTH + STATE_WIDTH + 4);
    return [
      `${area.padEnd(AREA_WIDTH)}  ${state.padEnd(STATE_WIDTH)}  ${printable(where + message)}`,
      ...(remedy === undefined ? [] : [`${indent}→ ${printable(remedy)}`]),
    ];
  });
  return [...lines, '', summary(findings)].join('\n');
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Finding['state']): number => findings.filter(({ state }) => state === wanted).length;
  const faults = count('fault');
  const pieces = count('advice');
  if (faults + pieces === 0) return 'All is well.';
  const words = [
    ...(faults > 0 ? [faults === 1 ? '1 fault' : `${faults} faults`] : []),
    ...(pieces > 0 ? [pieces === 1 ? '1 piece of advice' : `${pieces} pieces of advice`] : []),
  ];
  return `${words.join(' and ')}.`;
}
