import { describeBlueprints } from './testing/blueprintSuite';
import { describeCore } from './testing/coreSuite';
import { describeDocumentedPolicies } from './testing/documentedPolicySuite';
import { describeFoundationPolicies } from './testing/foundationPolicySuite';
import { describeHandlers } from './testing/handlerSuite';
import { describePolicies } from './testing/policySuite';
import { describePortal } from './testing/portalSuite';
import { describeRolePolicies } from './testing/rolePolicySuite';
import { describeServices } from './testing/servicesSuite';
import { synthesize } from './testing/synthesize';

jest.setTimeout(120_000);

// Once for all: fails with the findings of cdk-nag and CloudFormation's validator, if any.
const synthesized = synthesize({ isChecked: true });

describeBlueprints(synthesized);
describePolicies(synthesized);
describeFoundationPolicies(synthesized);
describeRolePolicies(synthesized);
describeHandlers(synthesized);
describeCore(synthesized);
describeServices(synthesized);
describePortal(synthesized);
describeDocumentedPolicies(synthesized);
