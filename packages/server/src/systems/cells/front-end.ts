import { SECRET_JSON } from '../../web/headers.ts';
import { findCaller, isAdministrator } from './caller.ts';
import type { Place } from './rest.ts';

/** The release of Cells whose manners are spoken here; programs show it and look for nothing in it. */
const SPOKEN_VERSION = '4.4.0';

/** `/a/frontend/bootconf`: what programs read before anybody has signed in. */
export const bootConfPlace: Place = {
  GET: async (_c, { provider }) => {
    const { display_name, site } = provider.tenant;
    return {
      ajxpVersion: SPOKEN_VERSION,
      ENDPOINT_REST_API: `${site}/a`,
      customWording: { title: display_name, icon: '' },
      backend: { PackageType: 'signet', PackageLabel: display_name, Version: SPOKEN_VERSION },
    };
  },
};

/** `/a/frontend/state`: who is signed in, as XML. cells-client looks at the first attribute of the element user alone. */
export const statePlace: Place = {
  GET: async (c, site) => {
    const caller = await findCaller(c, site);
    const user =
      caller &&
      `<user id="${escaped(caller.user.username)}"><repositories/><special_rights is_admin="${isAdministrator(caller) ? 1 : 0}"/></user>`;
    const headers = { ...SECRET_JSON, 'content-type': 'application/xml; charset=utf-8' };
    return new Response(
      `<?xml version="1.0" encoding="UTF-8"?>\n<pydio_registry>${user ?? ''}</pydio_registry>\n`,
      { headers },
    );
  },
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
