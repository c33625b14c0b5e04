import { Link } from '@backstage/core-components';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import { ChipList } from '../common/ChipList';
import { CopyField } from '../common/CopyField';
import { FactList } from '../common/FactList';
import { webAddress } from '../common/links';
import { OwnerLink } from '../common/OwnerLink';
import { RelativeTime } from '../common/RelativeTime';
import { ServiceHealthList } from '../common/ServiceHealth';

/** What an owner asks first: where it is, how it is, until when, whose it is. */
export function EnvironmentFacts(props: { environment: Environment }) {
  const { environment } = props;
  const { spec, status } = environment;
  const { endpoint } = status.outputs;
  const appUrl = webAddress(status.outputs.appUrl);
  return (
    <FactList
      facts={[
        [
          'Endpoint',
          endpoint ? (
            <CopyField value={endpoint} what="endpoint" />
          ) : (
            'Available once Ready'
          ),
        ],
        ['App', appUrl && <Link to={appUrl}>Open the app</Link>],
        ['Services', <ServiceHealthList status={status} />],
        ['Models', <ChipList values={spec.models} label="Models" />],
        ['Owner', <OwnerLink entityRef={environment.owner} />],
        ['Tier', spec.tier],
        ['Expires', <Expiry environment={environment} />],
      ]}
    />
  );
}

/** Until when it lives, and that it then goes by itself. */
export function Expiry(props: { environment: Environment }) {
  const { expiresAt } = props.environment;
  return expiresAt ? <RelativeTime at={expiresAt} /> : <>Never</>;
}
