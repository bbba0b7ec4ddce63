// The whole name of a test, with what tells it from others of the same name.
import type { NamedTest } from "../api/types";
import { testTitle } from "../model/run";
import { SafeText } from "./SafeText";

type Named = Pick<NamedTest, "suite" | "name" | "parameters" | "configuration">;

export function TestTitle({ test }: { test: Named }) {
  const variants = [test.parameters, test.configuration].filter((variant) => variant !== "");
  return (
    <>
      <SafeText text={testTitle(test)} />
      {variants.map((variant) => (
        <span key={variant}>
          {" ["}
          <SafeText text={variant} />
          {"]"}
        </span>
      ))}
    </>
  );
}
