import type { Text } from "./client";
import type { Outcome } from "./wrong";
import { CreateContact, DeleteContact, UpdateContact } from "./operations/contacts.gen";
import { CreateCustomer, DeleteCustomer, UpdateCustomer } from "./operations/customers.gen";
import { CreateProduct, CreatePromotion, DeleteProduct, DeletePromotion, UpdateProduct, UpdatePromotion } from "./operations/goods.gen";
import { CreateTask, DeleteTask, UpdateTask } from "./operations/tasks.gen";
import type { Key } from "./i18n";

type Input = { input: Record<string, unknown> };
type Write = Text<NonNullable<Outcome["data"]>, Input>;

/** How records of a kind are made, changed and deleted on screen. */
export interface Form {
  create: Write;
  update: Write;
  remove: Write;
  titles: { create: Key; update: Key };
  /** What is asked when a record is made, in lines; fields that stand in one list share a line. */
  fresh: readonly (readonly string[])[];
  /** What can be changed later. */
  rows: readonly (readonly string[])[];
  /** Who may write such records, beside administrators; the server decides. */
  roles: readonly string[];
}

const contact = [["name"], ["jobTitle"], ["email", "phone"], ["contactPreference"], ["mayContact", "mayShareInfo"]];
const task = [["title"], ["dueOn", "assignee"], ["customer"], ["description"]];
const product = [["name"], ["partNumber", "gtin"], ["family", "listPrice"], ["orderable"], ["description"]];
const promotion = [["name"], ["startsOn", "endsOn"], ["products"], ["discountPercent", "budget"], ["description"]];

const write = (document: unknown): Write => document as Write;

/** The kinds that have a form. */
export const forms: Record<string, Form> = {
  Customer: {
    create: write(CreateCustomer), update: write(UpdateCustomer), remove: write(DeleteCustomer), titles: { create: "customer.new", update: "customer.edit" },
    fresh: [["name"], ["customerType", "status"], ["city", "country"], ["website"]],
    rows: [
      ["name"], ["customerType", "status"], ["website"], ["email", "phone"], ["street"], ["postalCode", "city"], ["region", "country"], ["industry", "segment"], ["employees", "customerNumber"],
      ["vatId"], ["duns", "gln"], ["annualRevenue", "creditLimit"], ["assignee"], ["description"],
    ],
    roles: ["CHANNEL_MANAGER", "SALES"],
  },
  Contact: { create: write(CreateContact), update: write(UpdateContact), remove: write(DeleteContact), titles: { create: "contact.new", update: "contact.edit" }, fresh: contact, rows: contact, roles: ["CHANNEL_MANAGER", "SALES", "SUPPORT"] },
  Task: { create: write(CreateTask), update: write(UpdateTask), remove: write(DeleteTask), titles: { create: "task.new", update: "task.edit" }, fresh: task, rows: task, roles: ["CHANNEL_MANAGER", "SALES", "SUPPORT", "MARKETING", "FINANCE"] },
  Product: { create: write(CreateProduct), update: write(UpdateProduct), remove: write(DeleteProduct), titles: { create: "product.new", update: "product.edit" }, fresh: product, rows: product, roles: ["CHANNEL_MANAGER"] },
  Promotion: { create: write(CreatePromotion), update: write(UpdatePromotion), remove: write(DeletePromotion), titles: { create: "promotion.new", update: "promotion.edit" }, fresh: promotion, rows: promotion, roles: ["CHANNEL_MANAGER", "MARKETING"] },
};
