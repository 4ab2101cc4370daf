import { useState } from 'react';
import { Page } from '../ui/page.tsx';
import { Tabbed } from '../ui/tabs.tsx';
import { Export } from './export.tsx';
import { Import } from './import.tsx';

/** Applications out of this installation and into it, as a file. */
export function TransferPage() {
  const [open, setOpen] = useState<string>();
  return (
    <Page title="Import and export" says="Applications as a file of JSON, by their registered names.">
      <Tabbed
        open={open}
        onOpen={setOpen}
        tabs={[
          { id: 'export', label: 'Export', content: <Export /> },
          { id: 'import', label: 'Import', content: <Import /> },
        ]}
      />
    </Page>
  );
}
