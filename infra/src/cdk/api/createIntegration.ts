import type { Route } from './routes';

/** Where requests go, and by which link. */
export type LoadBalancerTarget = {
  arn: string;
  dnsName: string;
  vpcLinkId: string;
};

/** The most that the gateway waits for a whole answer without a higher quota. */
const BUFFERED_TIMEOUT_MS = 29_000;
/** The most that an answer may take that is passed on as it comes. */
const STREAM_TIMEOUT_MS = 900_000;

/** How a route reaches the load balancer through the VPC link. */
export function createIntegration(
  route: Route,
  options: {
    loadBalancer: LoadBalancerTarget;
    /** Names of the parts of the path that vary. */
    parameters: string[];
    /** Set by the gateway, whatever a caller sent. */
    headers: Record<string, string>;
  },
): object {
  const { arn, dnsName, vpcLinkId } = options.loadBalancer;
  const path = route.path.replaceAll('+}', '}');
  return {
    type: 'http_proxy',
    httpMethod: route.method,
    uri: `http://${dnsName}${path}`,
    connectionType: 'VPC_LINK',
    connectionId: vpcLinkId,
    integrationTarget: arn,
    passthroughBehavior: 'when_no_match',
    responseTransferMode: route.streams ? 'STREAM' : 'BUFFERED',
    timeoutInMillis: route.streams ? STREAM_TIMEOUT_MS : BUFFERED_TIMEOUT_MS,
    requestParameters: {
      ...Object.fromEntries(
        options.parameters.map(name => [
          `integration.request.path.${name}`,
          `method.request.path.${name}`,
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(options.headers).map(([name, value]) => [
          `integration.request.header.${name}`,
          `'${value}'`,
        ]),
      ),
    },
  };
}
