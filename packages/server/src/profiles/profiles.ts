import type { Profile } from '../model/profile.ts';
import { standard } from './standard.ts';

/** Every profile by its name in the configuration file. */
export const PROFILES: Readonly<Record<string, Profile>> = { standard };
