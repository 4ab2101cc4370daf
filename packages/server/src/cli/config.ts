import { parse } from 'yaml';
import { configurationJsonSchema } from '../config/docs.ts';
import { formatFaults } from '../config/fault.ts';
import { showConfig } from '../config/show.ts';
import { CommandError } from './command-error.ts';
import { type ConfigOptions, readConfiguration, requireConfiguration } from './configuration.ts';
import { print, say, toJson } from './terminal.ts';

export type ValidateOptions = ConfigOptions & Readonly<{ output: 'text' | 'json' }>;
export type ShowOptions = ConfigOptions & Readonly<{ output: 'yaml' | 'json' }>;

/** `signet config validate`. */
export async function validate(options: ValidateOptions): Promise<void> {
  const read = readConfiguration(options);
  const faults = 'faults' in read ? read.faults : [];
  const warnings = 'faults' in read ? [] : read.warnings;
  if (options.output === 'json') print(toJson({ valid: faults.length === 0, faults, warnings }));
  if (faults.length > 0) throw new CommandError('usage', formatFaults(faults).trimEnd());
  for (const warning of warnings) say(`Warning: ${warning}`);
  if (options.output === 'text') print(`${read.file ?? 'The configuration without a file'} is sound.`);
}

/** `signet config show`. */
export async function show(options: ShowOptions): Promise<void> {
  const { config, warnings } = requireConfiguration(options);
  for (const warning of warnings) say(`Warning: ${warning}`);
  const shown = showConfig(config);
  print(options.output === 'json' ? toJson(parse(shown)) : shown.trimEnd());
}

/** `signet config schema`. */
export async function schema(): Promise<void> {
  print(JSON.stringify(configurationJsonSchema(), null, 2));
}
