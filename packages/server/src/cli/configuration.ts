import { existsSync, readFileSync } from 'node:fs';
import { formatFaults } from '../config/fault.ts';
import { type Config, type LoadedConfig, loadConfig } from '../config/load.ts';
import { readEnvironment } from '../config/source-environment.ts';
import { PROFILES } from '../profiles/profiles.ts';
import { CommandError } from './command-error.ts';
import { reasonOf } from './input.ts';

/** Options of every command that reads the configuration. */
export type ConfigOptions = Readonly<{ config?: string }>;

export type Configuration = Readonly<{
  config: Config;
  warnings: readonly string[];
  file: string | undefined;
}>;

const USUAL_FILES = ['signet.yaml', 'signet.yml'];

/** The configuration of this folder and environment, or its faults. */
export function readConfiguration(options: ConfigOptions): LoadedConfig & { file: string | undefined } {
  const environment = readEnvironment();
  const path = options.config ?? (environment['SIGNET_CONFIG'] || usualFile());
  const loaded = loadConfig({
    file: path === undefined ? undefined : { path, text: readFile(path) },
    environment,
    readFile: (name) => readFileSync(name, 'utf8'),
    profiles: Object.values(PROFILES),
  });
  return { ...loaded, file: path };
}

/** The configuration; ends the command with every fault when it is not sound. */
export function requireConfiguration(options: ConfigOptions): Configuration {
  const read = readConfiguration(options);
  if ('faults' in read) throw new CommandError('usage', formatFaults(read.faults).trimEnd());
  return read;
}

function usualFile(): string | undefined {
  const [found, other] = USUAL_FILES.filter((name) => existsSync(name));
  if (other !== undefined) {
    throw new CommandError('usage', `There are ${found} and ${other}: say which is meant with --config.`);
  }
  return found;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (fault) {
    throw new CommandError('usage', `The configuration file ${path} ${reasonOf(fault)}.`);
  }
}
