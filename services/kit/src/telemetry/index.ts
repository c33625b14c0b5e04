export { startTelemetry, type TelemetryIdentity } from './startTelemetry';
export {
  type ModelCall,
  type ModelCallOutcome,
  type ModelCallSpan,
  type Telemetry,
  withModelCall,
} from './Telemetry';
export {
  readTelemetryConfig,
  type TelemetryConfig,
  telemetryEnvironmentSchema,
} from './telemetryConfig';
