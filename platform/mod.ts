// The platform: what every program here needs and that knows nothing of payments, but for the one
// error table that all doors share.
//
// It promises: one table of reasons and one of operating errors (number, DE39, gRPC status, HTTP
// status, exit code side by side); logs in which card numbers, tokens and keys cannot be read even
// when someone tries; time only through a Clock; settings that are checked, explained and show
// where each value came from; metrics that are declared in one table with a bound on their series;
// one place for signals, and a stop that ends in time.
//
// It never imports another room, never decides a payment, and never keeps a secret.

export {
  type AdminOptions,
  type AdminServer,
  listenError,
  listenTCP,
  startAdminServer,
} from "./admin-server.ts";
export { type Clock, createManualClock, type ManualClock, systemClock } from "./clock.ts";
export {
  type ClockGuard,
  type ClockGuardOptions,
  type ClockStep,
  clockStepMsMax,
  guardClock,
} from "./clock-guard.ts";
export {
  exampleSettings,
  type PrintedSetting,
  printedSettings,
  settingPaths,
  settingsMarkdown,
} from "./config/describe.ts";
export {
  type ConfigInput,
  configFileEnv,
  type LoadedConfig,
  loadConfig,
  readConfigFile,
  type Source,
} from "./config/load.ts";
export { count, duration, envName, secretFile, size } from "./config/setting.ts";
export { formatAmount, parseAmount } from "./config/units.ts";
export {
  AppError,
  type AppErrorOptions,
  appError,
  type ErrorDetails,
  isAppError,
} from "./errors/app-error.ts";
export {
  type ErrorCode,
  type ErrorKind,
  type ErrorRow,
  errorRow,
  errorTable,
  exitCode,
} from "./errors/code-table.ts";
export { type GrpcStatusName, grpcStatus } from "./errors/grpc-status.ts";
export {
  type DE39Variant,
  de39Of,
  getReason,
  type PTAVResult,
  type ReasonCode,
  type ReasonName,
  type ReasonRow,
  type Retry,
  reason,
  reasonTable,
  reasonText,
} from "./errors/reason-table.ts";
export { type Condition, createHealth, type Health, type HealthState } from "./health.ts";
export { createLogger, type Logger, type LoggerOptions, silentLogger } from "./log.ts";
export { looksLikePAN, maskText } from "./log-mask.ts";
export {
  type Counter,
  type CounterKey,
  type Gauge,
  type GaugeKey,
  type Histogram,
  type HistogramKey,
  type LabelsOf,
  MetricCells,
} from "./metrics/metric-cells.ts";
export { labelNames, type MetricRow, seriesMax } from "./metrics/metric-row.ts";
export { type MetricKey, metricTable, runtimeMetrics } from "./metrics/metric-table.ts";
export { createMetrics, type Metrics } from "./metrics/metrics.ts";
export {
  createShutdown,
  type Shutdown,
  type StopPhase,
  type StopReport,
  type StopStep,
  stopTimeoutMs,
} from "./shutdown.ts";
export { comesTrue, within } from "./within.ts";
