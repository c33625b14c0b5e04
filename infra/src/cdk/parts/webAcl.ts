import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { BlueprintStack } from '../BlueprintStack';

/** Requests from one address to one environment in five minutes. */
const REQUESTS_PER_ADDRESS = 10_000;

/**
 * Rules of AWS's groups that look into bodies. They are counted and not enforced: prompts and
 * documents are long, and hold code, markup, paths and addresses as a matter of course.
 */
const BODY_RULES = {
  AWSManagedRulesCommonRuleSet: [
    'SizeRestrictions_BODY',
    'EC2MetaDataSSRF_BODY',
    'GenericLFI_BODY',
    'GenericRFI_BODY',
    'CrossSiteScripting_BODY',
  ],
  AWSManagedRulesKnownBadInputsRuleSet: [
    'JavaDeserializationRCE_BODY',
    'Log4JRCE_BODY',
    'ReactJSRCE_BODY',
  ],
};

/** What stands in front of gateways. */
export function createWebAcl(stack: BlueprintStack): CfnWebACL {
  const groups = Object.entries(BODY_RULES).map(([name, rules], index) => ({
    name,
    priority: index,
    overrideAction: { none: {} },
    visibilityConfig: visible(name),
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: rules.map(rule => ({
          name: rule,
          actionToUse: { count: {} },
        })),
      },
    },
  }));
  return new CfnWebACL(stack, 'WebAcl', {
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visible('WebAcl'),
    rules: [
      ...groups,
      {
        name: 'RequestsPerAddress',
        priority: groups.length,
        action: { block: { customResponse: { responseCode: 429 } } },
        visibilityConfig: visible('RequestsPerAddress'),
        statement: {
          // The apps of all environments leave by one address, so that each environment is counted
          // for itself: by the name that API Gateway finds it by, and that no request lacks.
          rateBasedStatement: {
            aggregateKeyType: 'CUSTOM_KEYS',
            customKeys: [
              { ip: {} },
              {
                header: {
                  name: 'host',
                  textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
                },
              },
            ],
            limit: REQUESTS_PER_ADDRESS,
          },
        },
      },
    ],
  });
}

function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return {
    metricName,
    cloudWatchMetricsEnabled: true,
    // Samples hold parts of requests, and what was asked is the caller's.
    sampledRequestsEnabled: false,
  };
}
