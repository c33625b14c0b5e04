import { Header, Page } from '@backstage/core-components';
import { FleetContent } from './FleetContent';

/** The fleet page of the classic frontend system, with its own header. */
export function FleetPage() {
  return (
    <Page themeId="tool">
      <Header title="GenAI environments" />
      <FleetContent />
    </Page>
  );
}
