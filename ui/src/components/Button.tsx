// Buttons of the pages.
import type { ComponentProps } from "react";
import styles from "./Button.module.css";

type Props = ComponentProps<"button"> & { look?: "plain" | "quiet" };

export function Button({ look = "plain", className, ...rest }: Props) {
  return <button type="button" className={`${styles.button} ${className ?? ""}`} data-look={look} {...rest} />;
}
