import { InfoCard } from '@backstage/core-components';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import { CopyField } from '../common/CopyField';
import { FactList } from '../common/FactList';

/** Where to call, and where tokens come from. */
export function ConnectionCard(props: { environment: Environment }) {
  const { endpoint, tokenUrl, issuer } = props.environment.status.outputs;
  return (
    <InfoCard title="Connection">
      <FactList
        facts={[
          ['Endpoint', <Address value={endpoint} what="endpoint" />],
          ['Token URL', <Address value={tokenUrl} what="token URL" />],
          ['Issuer', <Address value={issuer} what="issuer" />],
        ]}
      />
    </InfoCard>
  );
}

function Address(props: { value: string | undefined; what: string }) {
  const { value, what } = props;
  if (!value) return <>Available once the environment is Ready</>;
  return <CopyField value={value} what={what} />;
}
