import type { Profile } from '../model/profile.ts';
import { standard } from './standard.ts';

/** For `signet dev` alone: any redirect to this machine is good. No configuration file can choose it. */
export const dev: Profile = {
  ...standard,
  name: 'dev',
  redirects: { ...standard.redirects, any_loopback: true },
};
