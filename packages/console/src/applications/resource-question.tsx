import { Alert, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { resourcesQuery } from '../api/settings.ts';
import { API } from '../site.ts';
import { Snippet } from '../ui/copy.tsx';

const EXAMPLE = `resources:
  - resource: https://mcp.example.com/mcp
    name: Tools`;

type ResourceQuestionProps = Readonly<{ value: string; onChange: (resource: string) => void }>;

/** Which of the configured APIs the application uses; where there is none, how one is made known. */
export function ResourceQuestion({ value, onChange }: ResourceQuestionProps) {
  const found = useQuery(resourcesQuery);
  const known = (found.data ?? []).filter(({ resource }) => resource !== API);
  if (found.data !== undefined && known.length === 0) {
    return (
      <Alert variant="outline" title="Make the MCP server known first">
        Tokens are made for the address of the server alone, so it has to be among the resources of the
        configuration file:
        <Snippet label="signet.yaml" text={EXAMPLE} />
      </Alert>
    );
  }
  return (
    <NativeSelect
      label="MCP server"
      description="Tokens are made for its address alone."
      value={value}
      data={[
        { value: '', label: 'Choose …' },
        ...known.map(({ resource, name }) => ({
          value: resource,
          label: name === null ? resource : `${name} (${resource})`,
        })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
