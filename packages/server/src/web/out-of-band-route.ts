import { one } from '../oauth/params.ts';
import { outOfBandPage } from './pages/out-of-band.ts';
import { readQuery } from './request-body.ts';
import { show } from './show.ts';
import type { Route } from './site.ts';
import { troublePage } from './trouble.ts';

/** Where programs have the code sent that cannot receive it themselves: the person carries it over. */
export const outOfBandRoute: Route = async (c, site) => {
  const params = readQuery(c);
  const code = one(params, 'code');
  if (code !== undefined) return show(c, site, (frame) => outOfBandPage(frame, { code }));
  return troublePage(c, site, one(params, 'error') === 'access_denied' ? 'denied' : 'request', {
    error: one(params, 'error') ?? 'invalid_request',
  });
};
