import { InfoCard, Link } from '@backstage/core-components';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import { ChipList } from '../common/ChipList';
import { CopyField } from '../common/CopyField';
import { FactList } from '../common/FactList';
import { webAddress } from '../common/links';
import { OwnerLink } from '../common/OwnerLink';
import { PhaseChip } from '../common/PhaseChip';
import { RelativeTime } from '../common/RelativeTime';
import { Expiry } from '../EnvironmentCard/EnvironmentFacts';

/** Spec and outputs of an environment. */
export function DetailsCard(props: { environment: Environment }) {
  const { environment } = props;
  const { spec, status } = environment;
  const { endpoint } = status.outputs;
  const repository = spec.app?.repository ?? status.outputs.repositoryUrl;
  const appUrl = webAddress(status.outputs.appUrl);
  return (
    <InfoCard title="Details" variant="gridItem">
      <FactList
        facts={[
          ['Phase', <PhaseChip phase={status.phase} live />],
          ['Description', spec.description],
          ['Owner', <OwnerLink entityRef={environment.owner} />],
          ['Tier', spec.tier],
          ['Provisioner', placeText(spec)],
          ['Models', <ChipList values={spec.models} label="Models" />],
          [
            'Endpoint',
            endpoint && <CopyField value={endpoint} what="endpoint" />,
          ],
          ['App', appUrl && <Link to={appUrl}>{appUrl}</Link>],
          ['Repository', repository && <Repository address={repository} />],
          ['Created', <Created environment={environment} />],
          ['Expires', <Expiry environment={environment} />],
          [
            'Teardown',
            environment.deletionRequestedAt && (
              <TeardownRequest environment={environment} />
            ),
          ],
        ]}
      />
    </InfoCard>
  );
}

/** Provisioner with its region, unless they are called the same, as on this machine. */
function placeText({ provisioner, region }: Environment['spec']): string {
  return provisioner === region ? provisioner : `${provisioner} (${region})`;
}

function Repository(props: { address: string }) {
  const { address } = props;
  const href = webAddress(address);
  return href ? (
    <Link to={href}>{address}</Link>
  ) : (
    <CopyField value={address} what="repository" />
  );
}

function Created(props: { environment: Environment }) {
  const { createdAt, createdBy } = props.environment;
  return (
    <>
      <RelativeTime at={createdAt} /> by <OwnerLink entityRef={createdBy} />
    </>
  );
}

function TeardownRequest(props: { environment: Environment }) {
  const { deletionRequestedAt, deletionRequestedBy } = props.environment;
  return (
    <>
      Requested{' '}
      {deletionRequestedAt && <RelativeTime at={deletionRequestedAt} />}
      {deletionRequestedBy && (
        <>
          {' by '}
          <OwnerLink entityRef={deletionRequestedBy} />
        </>
      )}
    </>
  );
}
