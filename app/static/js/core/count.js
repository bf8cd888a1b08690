// Says how many characters a field still needs, in the line below it: 已填 12 位，还差 6 位.
import { fill, significant } from "./counting.js";

for (const input of document.querySelectorAll("[data-count]")) {
  const line = document.createElement("p");
  line.className = "src";
  line.setAttribute("role", "status");
  input.closest(".field").append(line);
  const say = () => {
    line.textContent = fill(input.dataset.left, significant(input.value), Number(input.dataset.count));
  };
  input.addEventListener("input", say);
  say();
}
