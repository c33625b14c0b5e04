import { writeFileSync } from 'node:fs';
import { createDriftPolicy, DRIFT_POLICY } from './testing/driftPolicy';
import { synthesize } from './testing/synthesize';

/** `npm run drift-policy -w infra`: after a change of what the service role may read. */
const policy = createDriftPolicy(synthesize({ isChecked: false }));
writeFileSync(DRIFT_POLICY, `${JSON.stringify(policy, null, 2)}\n`);
