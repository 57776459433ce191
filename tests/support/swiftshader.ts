/** SwiftShader's Vulkan driver as Debian's package `chromium` installs it: an adapter that computes on the CPU. */
export const swiftShaderDriver = "/usr/lib/chromium/vk_swiftshader_icd.json";
