// grpc.health.v1, one status per service and the empty name for the whole. One board serves all
// servers of the program: a balancer asks the port it sends payments to, an operator the admin
// port.
import type { Server } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";

export class HealthBoard {
  readonly #implementation = new HealthImplementation({ "": "NOT_SERVING" });
  readonly #serving = new Map<string, boolean>();

  addTo(server: Server): void {
    this.#implementation.addToServer(server);
  }

  /** The whole serves when all its services do. */
  set(service: string, state: "SERVING" | "NOT_SERVING"): void {
    this.#serving.set(service, state === "SERVING");
    this.#implementation.setStatus(service, state);
    const whole = [...this.#serving.values()].every((serving) => serving);
    this.#implementation.setStatus("", whole ? "SERVING" : "NOT_SERVING");
  }

  isServing(service: string): boolean {
    return this.#serving.get(service) === true;
  }
}
