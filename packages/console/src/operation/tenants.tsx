import { useQuery } from '@tanstack/react-query';
import { listedTenants } from '../api/queries.ts';
import { ItemTable } from '../ui/list.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';

/** The providers that this console knows of. */
export function TenantsPage() {
  const found = useQuery(listedTenants);
  return (
    <Page
      title="Tenants"
      says="Each is a provider of its own, with its own applications, people and keys. Others are administered at their own console."
    >
      {found.isPending && <Loading />}
      <Fault fault={found.error} />
      {found.data !== undefined && (
        <ItemTable
          label="Tenants"
          items={found.data}
          keyOf={({ name }) => name}
          columns={[
            {
              head: 'Tenant',
              cell: ({ name, display_name, site }) => (
                <a href={`${site}/console/`} className="row-link break">
                  {display_name === '' ? name : display_name}
                </a>
              ),
            },
            { head: 'Issuer', cell: ({ issuer }) => <span className="break">{issuer}</span> },
            { head: 'Profile', cell: ({ profile }) => profile },
            {
              head: 'Other addresses',
              cell: ({ site, sites }) => sites.filter((one) => one !== site).join(', '),
              wide: true,
            },
          ]}
        />
      )}
    </Page>
  );
}
