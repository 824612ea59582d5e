/* The upload form proposes the labels of the modality's active version, until somebody types their own. */

const current = JSON.parse(document.getElementById("current-labels").textContent);
const modality = document.getElementById("id_modality");
const labels = document.getElementById("id_labels");
let proposed = "";

function propose() {
  if (labels.value !== proposed && labels.value !== "") return;
  proposed = (current[modality.value] ?? []).join(", ");
  labels.value = proposed;
}

modality.addEventListener("change", propose);
propose();
