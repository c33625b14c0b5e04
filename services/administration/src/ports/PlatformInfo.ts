import type { ServiceHealth } from '@genai-environments/service-kit';

/** Port: the environment as a whole. */
export interface PlatformInfo {
  /** By name of service. Looks at all of them at once. */
  health(): Promise<Record<string, ServiceHealth>>;

  /** The OpenAPI document over all services. */
  openApi(): object | Promise<object>;

  /** Where callers get their tokens. */
  connection(): {
    /** Origin of the token endpoint. */
    domain: string;
    /** Of Cognito; absent elsewhere. */
    userPoolId?: string;
  };
}
