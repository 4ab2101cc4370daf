import type { Profile } from '../model/profile.ts';
import { cells } from './cells.ts';
import { ocis } from './ocis.ts';
import { standard } from './standard.ts';
import { userclouds } from './userclouds.ts';

/** Every profile by its name in the configuration file. */
export const PROFILES: Readonly<Record<string, Profile>> = { standard, cells, ocis, userclouds };
