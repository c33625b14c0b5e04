import type { ComponentType, PropsWithChildren } from 'react';
import {
  StatusAborted,
  StatusError,
  StatusOK,
  StatusPending,
  StatusRunning,
  StatusWarning,
} from '@backstage/core-components';
import type { Phase } from '@genai-environments/backstage-plugin-genai-environments-common';

const STATUS_BY_PHASE: Record<Phase, ComponentType<PropsWithChildren<{}>>> = {
  Pending: StatusPending,
  Provisioning: StatusRunning,
  Ready: StatusOK,
  Updating: StatusRunning,
  Hibernating: StatusRunning,
  Hibernated: StatusAborted,
  Deleting: StatusRunning,
  Deleted: StatusAborted,
  Degraded: StatusWarning,
  Failed: StatusError,
};

/** A phase as word and symbol. */
export const PhaseStatus = ({ phase }: { phase: Phase }) => {
  const Status = STATUS_BY_PHASE[phase];
  return <Status>{phase}</Status>;
};
