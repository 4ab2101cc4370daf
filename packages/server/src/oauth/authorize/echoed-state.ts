import type { Profile } from '../../model/profile.ts';
import type { ReplyTarget } from './reply-target.ts';

/** The client's state, or an empty one where the profile always answers with one. */
export const echoedState = ({ state }: ReplyTarget, { answers }: Profile): { state?: string } =>
  state !== undefined ? { state } : answers.empty_state ? { state: '' } : {};
