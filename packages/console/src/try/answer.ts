import { site } from '../site.ts';

let answer: URL | undefined;

/** Takes the answer to a trial out of the address before anything else looks at it: the code stands there no longer than that. */
export function takeAnswer(): void {
  if (location.pathname !== `${site.path}/try` || location.search === '') return;
  answer = new URL(location.href);
  history.replaceState(null, '', location.pathname);
}

/** What was taken. */
export const takenAnswer = (): URL | undefined => answer;
