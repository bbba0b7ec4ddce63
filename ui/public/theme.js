// Sets the theme before the first paint. A file of its own, because the content security policy allows no inline script.
// The choice is kept in localStorage as `light`, `dark` or absent for the system's; src/theme/theme.ts changes it.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let choice = null;
    try {
      choice = localStorage.getItem("flakescope-theme");
    } catch {
      // Storage may be forbidden; then the system's choice counts.
    }
    const dark = choice === "dark" || (choice !== "light" && system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  };
  system.addEventListener("change", apply);
  addEventListener("flakescope-theme", apply);
  apply();
})();
