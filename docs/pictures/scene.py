"""The studio of the product pictures: materials, floor, lights, camera and renderer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
from form import Array
from mathutils import Vector


@dataclass(frozen=True)
class View:
    """One picture: the subject, its colour, and where the camera stands."""

    subject: str
    colour: str
    camera: tuple[float, float, float]
    target: tuple[float, float, float]
    lens: float = 85.0


def linear(colour: str) -> tuple[float, float, float, float]:
    """Turn #rrggbb into linear RGBA."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lin = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return (lin[0], lin[1], lin[2], 1.0)


def material(name: str, colour: str, rough: float, grain: float = 0.0) -> bpy.types.Material:
    """Return a matte material, with a fine grain if asked."""
    mat = bpy.data.materials.new(name)
    mat.use_nodes = True
    tree = mat.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = linear(colour)
    shader.inputs["Roughness"].default_value = rough
    shader.inputs["Specular"].default_value = 0.28
    if grain:
        noise = tree.nodes.new("ShaderNodeTexNoise")
        noise.inputs["Scale"].default_value = 320
        place = tree.nodes.new("ShaderNodeTexCoord")
        bump = tree.nodes.new("ShaderNodeBump")
        bump.inputs["Strength"].default_value = grain
        bump.inputs["Distance"].default_value = 0.002
        tree.links.new(place.outputs["Object"], noise.inputs["Vector"])
        tree.links.new(noise.outputs["Fac"], bump.inputs["Height"])
        tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    return mat


def add_mesh(name: str, vertices: Array, faces: Array, mat: bpy.types.Material) -> bpy.types.Object:
    """Add a smooth-shaded mesh to the scene."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    mesh.materials.append(mat)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(thing)
    return thing


def area_light(name: str, place: tuple[float, float, float], size: float, power: float,
               colour: str) -> None:  # fmt: skip
    """Add a square soft light that looks at the subject."""
    data = bpy.data.lights.new(name, "AREA")
    data.size, data.energy = size, power
    data.color = linear(colour)[:3]
    lamp = bpy.data.objects.new(name, data)
    lamp.location = place
    aim = Vector((0, 0, 0.1)) - Vector(place)
    lamp.rotation_euler = aim.to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(lamp)


def build_studio(camera: tuple[float, float, float]) -> None:
    """Add floor and lights; the key light stands to the left of the camera."""
    bpy.ops.mesh.primitive_plane_add(size=30)
    ground = bpy.context.object
    ground.is_shadow_catcher = True
    ground.data.materials.append(material("paper", "#f7f1e8", 1.0))
    turn = math.atan2(camera[1], camera[0])

    def around(angle: float, distance: float, height: float) -> tuple[float, float, float]:
        a = turn + math.radians(angle)
        return (distance * math.cos(a), distance * math.sin(a), height)

    area_light("key", around(-80, 1.7, 3.3), 2.6, 125, "#fff4e4")
    area_light("rim", around(150, 2.8, 2.4), 2.4, 38, "#ffffff")
    area_light("fill", around(60, 3.0, 1.2), 2.5, 16, "#eef2ff")
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = linear("#f7f1e8")
    world.node_tree.nodes["Background"].inputs[1].default_value = 0.42


def set_camera(view: View) -> None:
    """Add the camera."""
    data = bpy.data.cameras.new("camera")
    data.lens = view.lens
    camera = bpy.data.objects.new("camera", data)
    camera.location = view.camera
    aim = Vector(view.target) - Vector(view.camera)
    camera.rotation_euler = aim.to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(camera)
    bpy.context.scene.camera = camera


def set_render(samples: int, scale: int) -> None:
    """Choose the renderer and its quality."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = samples
    scene.cycles.use_denoising = False
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.adaptive_threshold = 0.008
    scene.cycles.adaptive_min_samples = 48
    scene.cycles.max_bounces = 5
    scene.cycles.caustics_reflective = False
    scene.cycles.sample_clamp_indirect = 4.0
    scene.render.resolution_x, scene.render.resolution_y = 1600, 1200
    scene.render.resolution_percentage = scale
    scene.render.film_transparent = True
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.look = "None"
